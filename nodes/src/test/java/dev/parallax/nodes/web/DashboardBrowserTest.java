package dev.parallax.nodes.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.pipeline.Notice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Looks at what a real Chromium draws of a synthetic drive. */
class DashboardBrowserTest {
  /** Of a canvas: how many colours it has, how many pixels differ from its corner, and a sum. */
  private static final String LOOK =
      """
      const canvas = document.getElementById(arguments[0]);
      const { width, height } = canvas;
      const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
      const pixels = new Uint32Array(data.buffer);
      const colours = new Set(pixels);
      let other = 0, sum = 0;
      for (const p of pixels) {
        if (p !== pixels[pixels.length - 1]) other++;
        sum = (sum * 31 + p) % 4294967291;
      }
      return { colours: colours.size, other: other / pixels.length, sum };
      """;

  private static Browser browser;
  private final SyntheticDrive drive = new SyntheticDrive(320, 240, ScaleSource.SENSOR_DEPTH);
  private DashboardSink sink;
  private DashboardServer server;
  private int next;

  @BeforeAll
  static void openBrowser() {
    browser = Browser.open(1280, 900);
  }

  @AfterAll
  static void closeBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void startServer() {
    browser.resize(1280, 900);
    browser.prefer("dark");
    sink = new DashboardSink("synthetic hall", System::nanoTime);
    server = DashboardServer.start(DashboardConfig.fixed(0), sink);
  }

  @AfterEach
  void stopServer() {
    browser.driver().get("about:blank"); // a page left open would go on trying to reconnect
    server.close();
  }

  @Test
  void everyViewIsDrawnAndFollowsTheDrive() {
    give(sink, drive, 12);
    open();
    awaitShown(12);
    Map<String, Look> before =
        Map.of(
            "picture", look("picture"),
            "depth", look("depth"),
            "top", look("top"),
            "cloud", look("cloud"));
    assertThat(before.get("picture").colours()).isGreaterThan(50);
    assertThat(before.get("depth").colours()).as("a depth of many colours").isGreaterThan(80);
    assertThat(before.get("cloud").other()).as("points fill part of the view").isGreaterThan(0.05);
    assertThat(before.get("top").colours()).as("a path is drawn").isGreaterThan(3);

    give(sink, drive, 12);
    awaitShown(24);
    before.forEach(
        (canvas, look) ->
            assertThat(look(canvas).sum()).as(canvas + " has changed").isNotEqualTo(look.sum()));
    assertThat(browser.consoleErrors()).isEmpty();
  }

  @Test
  void theDepthsColoursRunFromNearToFar() {
    give(sink, drive, 3);
    open();
    awaitShown(3);
    // The floor at the bottom edge is the nearest there is and the far wall the farthest.
    List<Long> near = pixel("depth", 160, 236);
    assertThat(near.get(0)).as("near is red").isGreaterThan(near.get(2) + 60);
    List<Long> unknown = pixel("depth", 3, 3);
    assertThat(unknown.get(3)).as("unknown depth is left clear").isZero();
  }

  @Test
  void theMapGrows() {
    sink.accept(drive.item(0), drive.estimatedWithMapUpTo(0, -2));
    open();
    awaitText("map-size", text -> text.contains("0.10 m cells"));
    double little = look("top").other();
    double voxels = look("cloud").other();
    sink.accept(drive.item(1), drive.estimatedWithMapUpTo(1, 4.9));
    awaitShown(2);
    new WebDriverWait(browser.driver(), Duration.ofSeconds(5))
        .until(d -> look("top").other() > little + 0.05);
    assertThat(look("cloud").other()).as("more voxels in 3-D").isNotEqualTo(voxels);
  }

  @Test
  void whatMovesIsTintedAndTheTintCanBeTakenOff() {
    int sequence = 1040; // the ball is in front of the camera
    sink.accept(drive.item(sequence), drive.estimated(sequence));
    open();
    awaitShown(1041);
    assertThat(text("moving-share")).matches("[0-9.]+ % of pixels").isNotEqualTo("0.0 % of pixels");
    assertThat(look("motion").colours()).as("scene flow shows the ball").isGreaterThan(1);
    long tinted = look("picture").sum();
    browser.driver().findElement(By.id("tint")).click();
    assertThat(look("picture").sum()).isNotEqualTo(tinted);
  }

  @Test
  void lengthsAreMetresOnlyWhenTheScaleIsKnown() {
    give(sink, drive, 3);
    open();
    awaitShown(3);
    assertThat(text("depth-unit")).isEqualTo("m");
    assertThat(text("scale")).isEqualTo("scale: sensor depth");

    SyntheticDrive unscaled = new SyntheticDrive(320, 240, ScaleSource.RELATIVE);
    give(sink, unscaled, 3);
    awaitShown(6);
    assertThat(text("depth-unit")).isEqualTo("relative units");
    assertThat(text("motion-max")).endsWith("relative units/s");
    assertThat(text("path-length")).doesNotContain("m");
    assertThat(text("scale")).contains("not metres");
  }

  @Test
  void countersLatenciesAndNoticesAreTold() {
    give(sink, drive, 5);
    sink.accept(drive.item(5), drive.lost(5, "the picture is dark"));
    sink.accept(Notice.warning("focal length is assumed"));
    next = 6;
    open();
    awaitShown(6);
    assertThat(text("published")).isEqualTo("5");
    assertThat(text("lost")).isEqualTo("1");
    assertThat(text("state")).isEqualTo("lost");
    assertThat(text("trouble")).isEqualTo("the picture is dark");
    assertThat(text("notices")).contains("focal length is assumed");
    assertThat(text("latency")).contains("scene flow").contains("total");
    assertThat(isDimmed("depth")).as("an old depth beside a new picture").isTrue();

    give(sink, drive, 4);
    awaitShown(10);
    assertThat(text("published")).isEqualTo("9");
    assertThat(text("state")).isEqualTo("tracking");
    assertThat(isDimmed("depth")).isFalse();
    assertThat(browser.driver().findElement(By.id("trouble")).isDisplayed()).isFalse();
  }

  @Test
  void pauseHoldsThePictureAndResumeCatchesUp() {
    give(sink, drive, 3);
    open();
    awaitShown(3);
    browser.driver().findElement(By.id("pause")).click();
    long held = look("depth").sum();
    give(sink, drive, 20);
    sleep(600);
    assertThat(look("depth").sum()).isEqualTo(held);
    assertThat(text("connection")).isEqualTo("paused");

    browser.driver().findElement(By.id("pause")).click();
    awaitShown(23);
    new WebDriverWait(browser.driver(), Duration.ofSeconds(5))
        .until(d -> look("depth").sum() != held);
  }

  @Test
  void theViewsTurnByKeyboard() {
    give(sink, drive, 3);
    open();
    awaitShown(3);
    sleep(300);
    long before = look("cloud").sum();
    browser.driver().findElement(By.id("cloud")).sendKeys(Keys.ARROW_LEFT, Keys.ARROW_LEFT);
    assertThat(look("cloud").sum()).isNotEqualTo(before);
    Object reachable =
        script(
            "return [...document.querySelectorAll('button,input,canvas[tabindex]')]"
                + ".every(e => e.tabIndex === 0)");
    assertThat(reachable).isEqualTo(true);
  }

  @Test
  void thePageReconnectsToAServerStartedAgain() {
    give(sink, drive, 40);
    open();
    awaitShown(40);
    int port = server.address().getPort();
    server.close();
    awaitText("connection", text -> text.contains("reconnecting"));

    DashboardSink again = new DashboardSink("second run", System::nanoTime);
    next = 0;
    give(again, drive, 2);
    server = startAgain(port, again);
    awaitText("source", text -> text.contains("second run"));
    assertThat(text("connection")).isEqualTo("live");
    awaitShown(2);
    assertThat(text("path-length")).startsWith("0.0");
  }

  @Test
  void aNarrowWindowHasNothingToScrollSideways() {
    browser.resize(360, 740);
    give(sink, drive, 8);
    sink.accept(Notice.info("a/very/long/path/without/any/space/".repeat(5)));
    open();
    awaitShown(8);
    assertThat((Long) script("return document.documentElement.scrollWidth")).isEqualTo(360);
    assertThat(look("cloud").other()).isGreaterThan(0.02);
    assertThat(look("depth").colours()).isGreaterThan(80);
  }

  @Test
  void textIsReadableInDarkAndLight() {
    give(sink, drive, 2);
    open();
    awaitShown(2);
    for (String scheme : List.of("dark", "light")) {
      browser.prefer(scheme);
      Object contrast =
          script(
              """
              const light = (css) => {
                const [r, g, b] = css.match(/[0-9.]+/g).slice(0, 3).map((v) => {
                  const c = v / 255;
                  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
                });
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const ground = light(getComputedStyle(document.querySelector('.panel')).backgroundColor);
              const ratios = ['h2', '.legend', '.muted', 'dd', 'dt'].map((selector) => {
                const ink = light(getComputedStyle(document.querySelector(selector)).color);
                return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
              });
              return Math.min(...ratios) + 0.0001;
              """);
      // WCAG 2.1, 1.4.3: at least 4.5 to 1.
      assertThat((Double) contrast).as(scheme).isGreaterThan(4.5);
    }
    assertThat(browser.consoleErrors()).isEmpty();
  }

  /** A port is free again only once the last socket of the server before has closed. */
  private static DashboardServer startAgain(int port, DashboardSink sink) {
    for (int attempt = 0; attempt < 50; attempt++) {
      try {
        return DashboardServer.start(DashboardConfig.fixed(port), sink);
      } catch (DashboardException taken) {
        sleep(100);
      }
    }
    throw new AssertionError("Port " + port + " is still taken five seconds later");
  }

  private record Look(long colours, double other, long sum) {}

  private void open() {
    browser.consoleErrors();
    browser.driver().get(server.address().toString());
  }

  private void give(DashboardSink to, SyntheticDrive from, int frames) {
    for (int i = 0; i < frames; i++, next++) {
      to.accept(from.item(next), from.estimated(next));
    }
  }

  /** Waits until the page counts so many frames in and has drawn them. */
  private void awaitShown(int framesIn) {
    awaitText("in", "%,d".formatted(framesIn)::equals);
    // The figures are taken in before the picture is decoded: let two drawings pass.
    browser
        .driver()
        .executeAsyncScript(
            "const done = arguments[0];"
                + "setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 150)");
  }

  private static void awaitText(String id, Predicate<String> expected) {
    new WebDriverWait(browser.driver(), Duration.ofSeconds(10))
        .withMessage(() -> "#%s says '%s'".formatted(id, text(id)))
        .until(d -> expected.test(text(id)));
  }

  private static Look look(String canvas) {
    Map<?, ?> found = (Map<?, ?>) script(LOOK, canvas);
    return new Look(
        ((Number) found.get("colours")).longValue(),
        ((Number) found.get("other")).doubleValue(),
        ((Number) found.get("sum")).longValue());
  }

  @SuppressWarnings("unchecked") // four numbers, by the script
  private static List<Long> pixel(String canvas, int u, int v) {
    return (List<Long>)
        script(
            "return [...document.getElementById(arguments[0]).getContext('2d')"
                + ".getImageData(arguments[1], arguments[2], 1, 1).data]",
            canvas,
            u,
            v);
  }

  private static boolean isDimmed(String id) {
    return Double.parseDouble(browser.driver().findElement(By.id(id)).getCssValue("opacity")) < 1;
  }

  private static String text(String id) {
    return browser.driver().findElement(By.id(id)).getText();
  }

  private static Object script(String source, Object... arguments) {
    return ((JavascriptExecutor) browser.driver()).executeScript(source, arguments);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
