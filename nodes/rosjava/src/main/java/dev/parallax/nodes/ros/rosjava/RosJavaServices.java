package dev.parallax.nodes.ros.rosjava;

import dev.parallax.nodes.codec.Ros1Output;
import dev.parallax.nodes.codec.RosServiceType;
import dev.parallax.nodes.ros.RosException;
import dev.parallax.nodes.ros.RosNode.ServiceHandler;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.ros.exception.DuplicateServiceException;
import org.ros.exception.RemoteException;
import org.ros.exception.RosRuntimeException;
import org.ros.exception.ServiceException;
import org.ros.internal.message.service.ServiceDescriptionFactory;
import org.ros.internal.node.client.MasterClient;
import org.ros.internal.node.client.Response;
import org.ros.internal.node.server.NodeIdentifier;
import org.ros.internal.node.service.ServiceDeclaration;
import org.ros.internal.node.service.ServiceFactory;
import org.ros.internal.node.service.ServiceIdentifier;
import org.ros.internal.node.service.ServiceManager;
import org.ros.namespace.GraphName;
import org.ros.node.service.ServiceClient;
import org.ros.node.service.ServiceResponseListener;
import org.ros.node.service.ServiceServer;

/** Services of one node, provided and called. Any thread. */
final class RosJavaServices {
  private final NodeIdentifier node;
  private final MasterClient master;
  private final ServiceManager services;
  private final ServiceFactory factory;
  private final RawMessage.Codec codec = new RawMessage.Codec();

  RosJavaServices(
      NodeIdentifier node, MasterClient master, ServiceManager services, ServiceFactory factory) {
    this.node = node;
    this.master = master;
    this.services = services;
    this.factory = factory;
  }

  AutoCloseable provide(String service, RosServiceType type, ServiceHandler handler) {
    ServiceServer<RawMessage, RawMessage> server;
    try {
      server =
          factory.newServer(
              declaration(service, type, null),
              (RawMessage request, RawMessage response) -> answer(handler, request, response),
              codec,
              codec,
              codec);
    } catch (DuplicateServiceException e) {
      throw new RosException("service %s is already provided here".formatted(service), e);
    }
    master.registerService(node, server); // at once, not by rosjava's queue: callers may be waiting
    return () -> {
      services.removeServer(GraphName.of(service));
      unregister(server);
    };
  }

  private void unregister(ServiceServer<?, ?> server) {
    try {
      Response<Integer> unused = master.unregisterService(node, server);
    } catch (RuntimeException e) {
      // Without a master there is nothing left to take back.
    }
  }

  /** Takes back what is still provided and ends what is still called. */
  void close() {
    for (ServiceServer<?, ?> server : services.getServers()) {
      services.removeServer(server.getName());
      unregister(server);
    }
    services.getClients().forEach(ServiceClient::shutdown);
  }

  private static void answer(ServiceHandler handler, RawMessage request, RawMessage response)
      throws ServiceException {
    try {
      Ros1Output out = new Ros1Output(64);
      handler.answer(request.bytes(), out);
      response.set(out.toBuffer());
    } catch (RuntimeException e) {
      throw new ServiceException(String.valueOf(e.getMessage()), e);
    }
  }

  ByteBuffer call(String service, RosServiceType type, ByteBuffer request, Duration patience) {
    URI uri = lookup(service);
    if (uri == null) {
      throw new RosException("nobody provides service " + service);
    }
    CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
    ServiceClient<RawMessage, RawMessage> client = null;
    try {
      client = factory.newClient(declaration(service, type, uri), codec, codec, codec);
      client.call(new RawMessage(request.duplicate()), new Answer(answer));
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RosRuntimeException | IllegalStateException e) {
      throw new RosException("service %s cannot be reached: %s".formatted(service, e), e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new RosException("service %s failed: %s".formatted(service, cause.getMessage()), e);
    } catch (TimeoutException e) {
      throw new RosException(
          "service %s did not answer within %d ms".formatted(service, patience.toMillis()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RosException("interrupted while waiting for service " + service, e);
    } finally {
      if (client != null) {
        services.removeClient(client); // else a provider that was restarted is never found again
        client.shutdown();
      }
    }
  }

  private @Nullable URI lookup(String service) {
    Response<URI> found = master.lookupService(node.getName(), service);
    return found.isSuccess() ? found.getResult() : null;
  }

  private static ServiceDeclaration declaration(
      String service, RosServiceType type, @Nullable URI uri) {
    return new ServiceDeclaration(
        new ServiceIdentifier(GraphName.of(service), uri),
        ServiceDescriptionFactory.newCreate(type.typeName(), "---", type.md5()));
  }

  private record Answer(CompletableFuture<ByteBuffer> answer)
      implements ServiceResponseListener<RawMessage> {
    @Override
    public void onSuccess(RawMessage response) {
      answer.complete(response.bytes());
    }

    @Override
    public void onFailure(RemoteException e) {
      answer.completeExceptionally(e);
    }
  }
}
