package dev.parallax.perception.prior;

import dev.parallax.perception.frame.Picture;

/** Pictures as a user's network takes them: resized, in its order of colours, normalised. */
final class UserPicture {
  private final UserModel model;

  UserPicture(UserModel model) {
    this.model = model;
  }

  /** {@code [1 C H W]}; a grey picture stands in every channel. */
  Tensor tensor(Picture picture) {
    int channels = model.colours().channels();
    int pixels = model.width() * model.height();
    AreaResize resize =
        new AreaResize(picture.width(), picture.height(), model.width(), model.height());
    float[] values = new float[channels * pixels];
    for (int c = 0; c < channels; c++) {
      float[] plane = plane(resize, picture, c);
      for (int i = 0; i < pixels; i++) {
        values[c * pixels + i] = (float) ((plane[i] / 255 - model.mean()[c]) / model.std()[c]);
      }
    }
    return new Tensor(values, new long[] {1, channels, model.height(), model.width()});
  }

  private float[] plane(AreaResize resize, Picture picture, int channel) {
    if (model.colours() == UserModel.Colours.GREY) {
      return resize.grey(picture);
    }
    if (picture.format() == Picture.Format.MONO8) {
      return resize.channel(picture, 0);
    }
    return resize.channel(
        picture, model.colours() == UserModel.Colours.RGB ? 2 - channel : channel);
  }
}
