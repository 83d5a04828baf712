package dev.parallax.sim.baseline;

import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.CameraModel;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.global.opencv_video;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_core.TermCriteria;

/**
 * Finds corners (Shi and Tomasi 1994) and follows them by pyramidal Lucas-Kanade, there and back,
 * on the pictures as they are; only the corners' rays are undistorted. One thread.
 */
final class PyramidTracker implements AutoCloseable {
  private static final int WINDOW_PX = 21;
  private static final int LEVELS = 3;
  private static final double MAX_THERE_AND_BACK_PX = 1;

  private final BaselineConfig config;
  private final CameraModel camera;
  private final Mat previous = new Mat();
  private final Mat current = new Mat();
  private final TermCriteria criteria =
      new TermCriteria(TermCriteria.COUNT + TermCriteria.EPS, 30, 0.01);
  private final double[] ray = new double[3];

  PyramidTracker(BaselineConfig config, CameraModel camera) {
    this.config = config;
    this.camera = camera;
  }

  /** Takes the next picture; the one before becomes the previous. */
  void advance(Picture picture) {
    current.copyTo(previous);
    int channels = picture.format().channels();
    try (Mat raw = new Mat(picture.height(), picture.width(), opencv_core.CV_8UC(channels))) {
      new BytePointer(raw.data()).put(picture.data());
      if (channels == 3) {
        opencv_imgproc.cvtColor(raw, current, opencv_imgproc.COLOR_BGR2GRAY);
      } else {
        raw.copyTo(current);
      }
    }
  }

  /** Moves the tracks to the present picture; those that cannot be followed are left out. */
  List<Track> follow(List<Track> tracks) {
    if (tracks.isEmpty()) {
      return new ArrayList<>();
    }
    int n = tracks.size();
    float[] from = new float[2 * n];
    for (int i = 0; i < n; i++) {
      from[2 * i] = tracks.get(i).u;
      from[2 * i + 1] = tracks.get(i).v;
    }
    float[] to = new float[2 * n];
    float[] back = new float[2 * n];
    boolean[] ok = new boolean[n];
    boolean[] okBack = new boolean[n];
    flow(previous, current, from, to, ok);
    flow(current, previous, to, back, okBack);
    List<Track> kept = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double miss = Math.hypot(back[2 * i] - from[2 * i], back[2 * i + 1] - from[2 * i + 1]);
      boolean inside =
          to[2 * i] >= 0
              && to[2 * i + 1] >= 0
              && to[2 * i] <= camera.width() - 1
              && to[2 * i + 1] <= camera.height() - 1;
      if (ok[i] && okBack[i] && inside && miss < MAX_THERE_AND_BACK_PX) {
        Track track = tracks.get(i);
        if (camera.unproject(to[2 * i], to[2 * i + 1], ray) && ray[2] > 0) {
          track.u = to[2 * i];
          track.v = to[2 * i + 1];
          track.x = ray[0] / ray[2];
          track.y = ray[1] / ray[2];
          kept.add(track);
        }
      }
    }
    return kept;
  }

  private void flow(Mat a, Mat b, float[] from, float[] to, boolean[] ok) {
    int n = ok.length;
    try (Mat fromMat = new Mat(n, 1, opencv_core.CV_32FC2);
        Mat toMat = new Mat();
        Mat status = new Mat();
        Mat error = new Mat();
        Size window = new Size(WINDOW_PX, WINDOW_PX)) {
      new FloatPointer(fromMat.data()).put(from);
      opencv_video.calcOpticalFlowPyrLK(
          a, b, fromMat, toMat, status, error, window, LEVELS, criteria, 0, 1e-4);
      new FloatPointer(toMat.data()).get(to);
      BytePointer flags = new BytePointer(status.data());
      for (int i = 0; i < n; i++) {
        ok[i] = flags.get(i) != 0;
      }
    }
  }

  /** New corners of the present picture, away from those already followed. */
  List<Track> find(List<Track> followed) {
    int wanted = config.maxCorners() - followed.size();
    List<Track> found = new ArrayList<>();
    if (wanted <= 0) {
      return found;
    }
    try (Scalar white = new Scalar(255);
        Scalar black = new Scalar(0);
        Mat mask = new Mat(current.rows(), current.cols(), opencv_core.CV_8UC1, white);
        Mat corners = new Mat()) {
      for (Track track : followed) {
        try (Point at = new Point(Math.round(track.u), Math.round(track.v))) {
          opencv_imgproc.circle(mask, at, (int) config.minDistancePx(), black, -1, 8, 0);
        }
      }
      opencv_imgproc.goodFeaturesToTrack(
          current,
          corners,
          wanted,
          config.cornerQuality(),
          config.minDistancePx(),
          mask,
          3,
          false,
          0.04);
      FloatPointer at = new FloatPointer(corners.data());
      for (int i = 0; i < corners.rows(); i++) {
        float u = at.get(2L * i);
        float v = at.get(2L * i + 1);
        if (camera.unproject(u, v, ray) && ray[2] > 0) {
          found.add(new Track(u, v, ray[0] / ray[2], ray[1] / ray[2]));
        }
      }
    }
    return found;
  }

  @Override
  public void close() {
    previous.close();
    current.close();
    criteria.close();
  }
}
