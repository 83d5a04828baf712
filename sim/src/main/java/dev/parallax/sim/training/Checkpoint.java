package dev.parallax.sim.training;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file from which a training goes on: the recipe, the step, the weights and the optimizer's
 * moments. Written beside and moved into place, so that a killed training leaves the last whole
 * one.
 */
public final class Checkpoint {
  private static final int MAGIC = 0x50584456; // "PXDV"
  private static final int VERSION = 1;

  private final Path file;

  public Checkpoint(Path file) {
    this.file = file;
  }

  public boolean exists() {
    return Files.isRegularFile(file);
  }

  /**
   * The recipe it was made by.
   *
   * @throws TrainingException if the file is missing, cut short or something else
   */
  public TrainingRecipe recipe() throws TrainingException {
    try (DataInputStream in = open()) {
      return header(in);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(e);
    }
  }

  void save(TrainingRecipe recipe, DepthTraining.Loaded state) throws TrainingException {
    Path partial = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(partial)))) {
        writeHeader(out, recipe);
        out.writeLong(state.step());
        state.network().saveParameters(out);
        byte[] moments = state.optimizer().moments().encode();
        out.writeInt(moments.length);
        out.write(moments);
      }
      Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new TrainingException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  DepthTraining.Loaded load(DepthTraining.Loaded into) throws TrainingException {
    NDManager manager = into.model().getNDManager();
    try (DataInputStream in = open();
        NDManager scope = manager.newSubManager()) {
      header(in);
      long step = in.readLong();
      into.network().loadParameters(manager, in);
      for (Pair<String, Parameter> named : into.network().getParameters()) {
        Parameter parameter = named.getValue();
        parameter.getArray().setRequiresGradient(parameter.requiresGradient());
      }
      byte[] moments = new byte[in.readInt()];
      in.readFully(moments);
      into.optimizer().restore(NDList.decode(scope, moments));
      return new DepthTraining.Loaded(into.model(), into.network(), into.optimizer(), step);
    } catch (IOException | MalformedModelException | IllegalArgumentException e) {
      throw unreadable(e);
    }
  }

  private DataInputStream open() throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
  }

  private static void writeHeader(DataOutputStream out, TrainingRecipe recipe) throws IOException {
    out.writeInt(MAGIC);
    out.writeInt(VERSION);
    out.writeLong(recipe.seed());
    out.writeInt(recipe.width());
    out.writeInt(recipe.height());
    out.writeLong(recipe.steps());
    out.writeInt(recipe.batch());
    out.writeInt(recipe.fresh());
    out.writeInt(recipe.pool());
    out.writeInt(recipe.firstViews());
    out.writeDouble(recipe.rate());
    out.writeDouble(recipe.weightDecay());
  }

  private static TrainingRecipe header(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC || in.readInt() != VERSION) {
      throw new IOException("not a training checkpoint of this version");
    }
    return new TrainingRecipe(
        in.readLong(),
        in.readInt(),
        in.readInt(),
        in.readLong(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readDouble(),
        in.readDouble());
  }

  private TrainingException unreadable(Exception e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new TrainingException(
        file + ": cannot go on from it (" + why + "); begin anew in another folder", e);
  }
}
