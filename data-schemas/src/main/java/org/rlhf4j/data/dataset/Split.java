package org.rlhf4j.data.dataset;

/** Which part of the data a row belongs to: a pure function of its prompt id and the split seed. */
public enum Split {
  TRAIN,
  VALIDATION,
  TEST
}
