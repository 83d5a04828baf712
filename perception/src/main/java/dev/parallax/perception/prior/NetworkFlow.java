package dev.parallax.perception.prior;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.perception.frame.Picture;
import java.util.List;
import java.util.function.Consumer;

/**
 * Flow kernels whose dense flow a user's network answers, on the CPU; single points and the
 * arithmetic of flow fields stay with the kernels below, and so does dense flow once the network
 * fails. A guess to start from is of no use to a network. Takes the pictures as they are kept, in
 * grey.
 */
final class NetworkFlow implements FlowKernels {
  private final PerceptionKernels kernels;
  private final UserFlow network;
  private final Consumer<String> complaints;
  private boolean failed;

  /**
   * @param kernels the kernels below; neither closed by this
   * @param complaints told once, in a sentence, if the network fails
   */
  NetworkFlow(PerceptionKernels kernels, UserFlow network, Consumer<String> complaints) {
    this.kernels = kernels;
    this.network = network;
    this.complaints = complaints;
  }

  @Override
  public void dense(List<Request> requests) {
    if (!failed) {
      try {
        for (Request request : requests) {
          answer(request);
        }
        return;
      } catch (PriorException e) {
        failed = true;
        complaints.accept(
            "%s failed (%s): flow is by dense inverse search from here on"
                .formatted(network.name(), e.getMessage()));
      }
    }
    // What the network left in a request's flow is as good a guess as any.
    kernels.flow().dense(requests);
  }

  private void answer(Request request) throws PriorException {
    float[] flow =
        network.estimate(picture(request.from()), picture(request.to()), request.stride());
    kernels.upload(flow, request.flow());
  }

  private Picture picture(DeviceBuffer grey) {
    byte[] data = new byte[grey.shape().pixels()];
    kernels.download(grey, data);
    return new Picture(grey.shape().width(), grey.shape().height(), Picture.Format.MONO8, data);
  }

  @Override
  public void track(
      DeviceBuffer from, DeviceBuffer to, int n, float[] fromUv, float[] toUv, float[] error) {
    kernels.flow().track(from, to, n, fromUv, toUv, error);
  }

  @Override
  public void follow(
      DeviceBuffer from,
      DeviceBuffer to,
      DeviceBuffer flow,
      int n,
      float[] fromUv,
      float[] beforeUv,
      float[] predictedUv,
      float[] toUv,
      float[] error) {
    kernels.flow().follow(from, to, flow, n, fromUv, beforeUv, predictedUv, toUv, error);
  }

  @Override
  public void compose(DeviceBuffer first, DeviceBuffer second, DeviceBuffer out) {
    kernels.flow().compose(first, second, out);
  }

  @Override
  public void inconsistency(DeviceBuffer backward, DeviceBuffer forward, DeviceBuffer out) {
    kernels.flow().inconsistency(backward, forward, out);
  }

  @Override
  public void copy(DeviceBuffer flow, DeviceBuffer target) {
    kernels.flow().copy(flow, target);
  }

  @Override
  public void invert(DeviceBuffer flow, DeviceBuffer inverse) {
    kernels.flow().invert(flow, inverse);
  }
}
