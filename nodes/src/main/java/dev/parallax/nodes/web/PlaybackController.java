package dev.parallax.nodes.web;

import dev.parallax.nodes.runtime.PlaybackControl;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import org.jspecify.annotations.Nullable;

/** Works the playback of a recording; there only where one is played. */
@Controller("/api/playback")
@Requires(beans = PlaybackControl.class)
class PlaybackController {
  private final PlaybackControl control;

  /**
   * @param rate times the recording's own speed; null where nobody holds it back
   */
  record Playback(boolean paused, @Nullable Double rate) {}

  PlaybackController(PlaybackControl control) {
    this.control = control;
  }

  @Get
  Playback state() {
    PlaybackControl.State state = control.state();
    return new Playback(
        state.paused(), state.rate() == PlaybackControl.AS_FAST_AS_POSSIBLE ? null : state.rate());
  }

  @Post("/pause")
  Playback pause() {
    control.pause();
    return state();
  }

  @Post("/resume")
  Playback resume() {
    control.resume();
    return state();
  }

  /** One frame more, then paused. */
  @Post("/step")
  Playback step() {
    control.step();
    return state();
  }

  @Post("/rate")
  HttpResponse<?> rate(@QueryValue double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      return HttpResponse.status(HttpStatus.BAD_REQUEST)
          .body("A rate is positive, for example /api/playback/rate?value=0.5");
    }
    control.setRate(value);
    return HttpResponse.ok(state());
  }
}
