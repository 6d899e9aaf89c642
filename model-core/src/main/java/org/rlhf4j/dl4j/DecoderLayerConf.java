package org.rlhf4j.dl4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collection;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.rlhf4j.decoder.Adapters;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.ParameterLayout;
import org.rlhf4j.objective.Objective;

/**
 * Configuration of a whole decoder with its loss, as one Deeplearning4j layer.
 *
 * <p>One layer and not one per block: embeddings may be tied, the activation memory is shared, and
 * the optimiser runs over one contiguous vector. Shape and objective are kept as JSON text, because
 * Deeplearning4j's own mapper knows no records.
 */
public final class DecoderLayerConf extends BaseLayer {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  @JsonProperty private String decoderJson;
  @JsonProperty private String head;
  @JsonProperty private String adaptersJson;
  @JsonProperty private String objectiveJson;
  @JsonProperty private double temperature;

  /** For JSON. */
  @SuppressWarnings("unused")
  private DecoderLayerConf() {}

  /**
   * @param temperature divides the logits (language model only)
   */
  DecoderLayerConf(
      DecoderConfig decoder,
      DecoderHead head,
      Adapters adapters,
      Objective objective,
      double temperature) {
    this.decoderJson = write(DecoderConfig.class, decoder);
    this.head = head.name();
    this.adaptersJson = write(Adapters.class, adapters);
    this.objectiveJson = write(Objective.class, objective);
    this.temperature = temperature;
    setLayerName("decoder");
  }

  private static <T> String write(Class<T> type, T value) {
    try {
      return JSON.writerFor(type).writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(type.getSimpleName() + " cannot be written as JSON", e);
    }
  }

  private static <T> T read(Class<T> type, String json) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(type.getSimpleName() + " cannot be read from JSON", e);
    }
  }

  DecoderConfig decoder() {
    return read(DecoderConfig.class, decoderJson);
  }

  DecoderHead head() {
    return DecoderHead.valueOf(head);
  }

  Adapters adapters() {
    return read(Adapters.class, adaptersJson);
  }

  Objective objective() {
    return read(Objective.class, objectiveJson);
  }

  double temperature() {
    return temperature;
  }

  /** Of what is trained: without adapters the whole model, with them no more than these. */
  ParameterLayout trainedLayout() {
    return ParameterLayout.of(decoder(), head(), adapters()).trained();
  }

  long parameterCount() {
    return trainedLayout().size();
  }

  @Override
  public org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> trainingListeners,
      int layerIndex,
      INDArray layerParamsView,
      boolean initializeParams,
      DataType networkDataType) {
    DecoderLayer layer = new DecoderLayer(conf, networkDataType);
    layer.setListeners(trainingListeners);
    layer.setIndex(layerIndex);
    layer.setParamsViewArray(layerParamsView);
    layer.setParamTable(initializer().init(conf, layerParamsView, initializeParams));
    layer.setConf(conf);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return FlatParameters.INSTANCE;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return InputType.feedForward(1);
  }

  @Override
  public void setNIn(InputType inputType, boolean override) {
    // The input is packed tokens of any number.
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return null;
  }

  @Override
  public boolean isPretrainParam(String paramName) {
    return false;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType inputType) {
    long parameters = parameterCount();
    return new LayerMemoryReport.Builder(layerName, DecoderLayerConf.class, inputType, inputType)
        .standardMemory(parameters, getIUpdater().stateSize(parameters))
        .workingMemory(0, 0, 0, 0)
        .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
        .build();
  }

  @Override
  public DecoderLayerConf clone() {
    return (DecoderLayerConf) super.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DecoderLayerConf conf
        && super.equals(other)
        && decoderJson.equals(conf.decoderJson)
        && head.equals(conf.head)
        && adaptersJson.equals(conf.adaptersJson)
        && objectiveJson.equals(conf.objectiveJson)
        && temperature == conf.temperature;
  }

  @Override
  public int hashCode() {
    return java.util.Objects.hash(
        super.hashCode(), decoderJson, head, adaptersJson, objectiveJson, temperature);
  }
}
