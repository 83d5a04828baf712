package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosTransforms;
import dev.parallax.nodes.codec.TransformTree;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.perception.geometry.Se3;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a sensor of a bag sits, by the transforms that were recorded with it. */
final class BagMounting {
  /** Mountings are told once, or again and again from the start. */
  private static final int MOST_MESSAGES = 2000;

  private BagMounting() {}

  /**
   * @param imageTopic whose camera is meant; null as {@link BagTopics} finds it
   * @param sensorFrame the frame that the sensor's messages name
   * @return T_cam_sensor; null if no chain of transforms joins the two
   */
  static @Nullable Se3 T_cam_sensor(Bag bag, @Nullable String imageTopic, String sensorFrame) {
    String pictures = new BagTopics(bag).picture(imageTopic).topic().name();
    BagMessage picture = bag.first(pictures);
    if (picture == null || sensorFrame.isEmpty()) {
      return null;
    }
    try {
      String cameraFrame = picture.channel().decoder().header(picture.data()).frameId();
      return transforms(bag).T_target_source(cameraFrame, sensorFrame).orElse(null);
    } catch (MessageFormatException e) {
      return null; // the picture is counted where it is played
    }
  }

  private static TransformTree transforms(Bag bag) {
    TransformTree tree = new TransformTree();
    Iterator<BagMessage> messages = bag.messages(Set.of("/tf_static", "/tf"));
    for (int i = 0; i < MOST_MESSAGES && messages.hasNext(); i++) {
      BagMessage message = messages.next();
      if (message.channel().decoder().rosType() == Ros1Type.TF_MESSAGE) {
        add(message, tree);
      }
    }
    return tree;
  }

  private static void add(BagMessage message, TransformTree tree) {
    try {
      RosTransforms found = message.channel().decoder().transforms(message.data());
      found.transforms().forEach(tree::add);
    } catch (MessageFormatException e) {
      // A transform that cannot be read tells no mounting; that it is missing is said then.
    }
  }
}
