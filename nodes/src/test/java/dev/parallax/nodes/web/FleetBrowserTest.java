package dev.parallax.nodes.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.fleet.FleetBoard;
import dev.parallax.nodes.fleet.FleetConfig;
import dev.parallax.nodes.fleet.SeenFrames;
import dev.parallax.perception.frame.ScaleSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Looks at what a real Chromium shows of a fleet. */
class FleetBrowserTest {
  private Browser browser;
  private FleetServer server;
  private final FleetBoard board =
      new FleetBoard(
          new FleetConfig("broker:9092", List.of("parallax", "depot2"), "trial"), System::nanoTime);

  @BeforeEach
  void open() {
    browser = Browser.open(1280, 800);
    server = FleetServer.start(DashboardConfig.fixed(0), board);
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void everyCameraHasItsCardAndAShadowItsDifferences() throws IOException {
    board.trouble(null);
    for (int i = 0; i < 60; i++) {
      board.add(SeenFrames.right("parallax", "left", i));
      board.add(SeenFrames.right("parallax", "right", i));
      board.add(SeenFrames.right("depot2", "left", i));
      board.add(SeenFrames.seen("trial", "left", i, ScaleSource.CAMERA_HEIGHT, 1.1, 1.25));
    }
    board.add(SeenFrames.lost("parallax", "right", 60));
    browser.driver().get(server.address().toString());
    await("#cards .card", 4);

    assertThat(text("#total")).isEqualTo("4 cameras · 1 node");
    WebElement right = card("parallax", "right");
    assertThat(right.getText()).contains("lost").contains("the picture is dark").contains("60");
    assertThat(card("depot2", "left").getText()).contains("published").contains("node-1");
    assertThat(text("#shadow-names")).isEqualTo("trial held against parallax");
    assertThat(text("#shadow-rows tr[data-camera=left]"))
        .contains("60")
        .contains("10.0 %")
        .contains("25.0 %")
        .contains("0.80")
        .contains("20.0 | 20.0");
    new WebDriverWait(browser.driver(), Duration.ofSeconds(5)).until(d -> colours("left") > 1);
    assertThat(right.findElement(By.cssSelector("svg path")).getDomAttribute("d")).startsWith("M");
    assertThat(browser.consoleErrors()).isEmpty();
    keepPictureIfAsked();

    browser.resize(360, 740);
    assertThat(browser.driver().executeScript("return document.documentElement.scrollWidth <= 360"))
        .as("nothing to scroll sideways in a narrow window")
        .isEqualTo(true);
  }

  @Test
  void withoutResultsThePageSaysWhatItWaitsFor() {
    board.trouble("no node has published under [parallax] yet");
    browser.driver().get(server.address().toString());
    new WebDriverWait(browser.driver(), Duration.ofSeconds(10))
        .until(d -> text("#trouble").contains("no node has published"));
    assertThat(text("#empty")).isEqualTo("No results yet.");

    server.close();
    new WebDriverWait(browser.driver(), Duration.ofSeconds(10))
        .until(d -> text("#connection").equals("reconnecting"));
  }

  /** {@code -Dparallax.screenshot=FILE} leaves what was seen. */
  private void keepPictureIfAsked() throws IOException {
    String file = System.getProperty("parallax.screenshot");
    if (file != null) {
      Files.write(Path.of(file), browser.driver().getScreenshotAs(OutputType.BYTES));
    }
  }

  private void await(String css, int count) {
    new WebDriverWait(browser.driver(), Duration.ofSeconds(10))
        .until(d -> d.findElements(By.cssSelector(css)).size() == count);
  }

  private WebElement card(String namespace, String camera) {
    return browser
        .driver()
        .findElement(
            By.cssSelector(
                ".card[data-namespace='%s'][data-camera='%s']".formatted(namespace, camera)));
  }

  private String text(String css) {
    return browser.driver().findElement(By.cssSelector(css)).getText();
  }

  private long colours(String camera) {
    Object found =
        browser
            .driver()
            .executeScript(
                """
                const canvas = document.querySelector(
                  `.card[data-namespace=parallax][data-camera=${arguments[0]}] canvas`);
                const { width, height } = canvas;
                const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
                return new Set(new Uint32Array(data.buffer)).size;
                """,
                camera);
    return ((Number) found).longValue();
  }
}
