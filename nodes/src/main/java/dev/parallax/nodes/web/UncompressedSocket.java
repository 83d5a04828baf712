package dev.parallax.nodes.web;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.micronaut.http.server.netty.websocket.NettyServerWebSocketUpgradeHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import jakarta.inject.Singleton;

/**
 * Takes permessage-deflate out of the WebSocket: on loopback it would cost more processor time than
 * the perception it shows, to save bandwidth that costs nothing.
 */
@Singleton
class UncompressedSocket implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    event.getBean().register(new Customizer(null));
    return event.getBean();
  }

  private record Customizer(@org.jspecify.annotations.Nullable Channel channel)
      implements NettyServerCustomizer {
    @Override
    public NettyServerCustomizer specializeForChannel(Channel accepted, ChannelRole role) {
      return new Customizer(accepted);
    }

    @Override
    public void onStreamPipelineBuilt() {
      if (channel == null) {
        return;
      }
      ChannelPipeline pipeline = channel.pipeline();
      if (pipeline.get(NettyServerWebSocketUpgradeHandler.COMPRESSION_HANDLER) != null) {
        pipeline.remove(NettyServerWebSocketUpgradeHandler.COMPRESSION_HANDLER);
      }
    }
  }
}
