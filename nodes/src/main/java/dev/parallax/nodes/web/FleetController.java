package dev.parallax.nodes.web;

import dev.parallax.nodes.fleet.DepthThumbnail;
import dev.parallax.nodes.fleet.FleetBoard;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What the fleet's page shows. */
@Controller("/api/fleet")
@Requires(beans = FleetBoard.class)
class FleetController {
  private final FleetBoard board;

  FleetController(FleetBoard board) {
    this.board = board;
  }

  @Get
  FleetBoard.View view() {
    return board.view();
  }

  /** A camera's latest depth: u16 width, u16 height, little-endian, then its levels. */
  @Get("/depth")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  HttpResponse<byte[]> depth(@QueryValue String namespace, @QueryValue String camera) {
    DepthThumbnail depth = board.depth(namespace, camera);
    if (depth == null) {
      return HttpResponse.notFound();
    }
    return HttpResponse.ok(
        ByteBuffer.allocate(4 + depth.levels().length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort((short) depth.width())
            .putShort((short) depth.height())
            .put(depth.levels())
            .array());
  }
}
