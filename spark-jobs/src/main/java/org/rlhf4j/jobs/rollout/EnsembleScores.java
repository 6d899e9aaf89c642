package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.config.EnsembleConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.rlhf.EnsembleScore;
import org.rlhf4j.rlhf.MissingEnd;
import scala.Tuple2;

/** One score per response of what the members of an ensemble say. */
record EnsembleScores(ScoreConfig config, EnsembleConfig ensemble) implements Serializable {

  /**
   * @param members published {@code scores} of the same responses, in order
   */
  JavaRDD<Score> of(Datasets datasets, List<String> members) {
    JavaPairRDD<String, Tuple2<Integer, Score>> all = null;
    for (int member = 0; member < members.size(); member++) {
      JavaPairRDD<String, Tuple2<Integer, Score>> one =
          numbered(datasets.read(members.get(member), Score.class), member);
      all = all == null ? one : all.union(one);
    }
    int count = members.size();
    return all.groupByKey().values().map(scores -> combine(scores, count));
  }

  private static JavaPairRDD<String, Tuple2<Integer, Score>> numbered(
      JavaRDD<Score> scores, int member) {
    return scores.mapToPair(score -> new Tuple2<>(score.rolloutId(), new Tuple2<>(member, score)));
  }

  private Score combine(Iterable<Tuple2<Integer, Score>> scores, int count) {
    double[] raw = new double[count];
    Score first = null;
    for (Tuple2<Integer, Score> score : scores) {
      raw[score._1()] = score._2().rawScore();
      first = score._1() == 0 ? score._2() : first;
    }
    EnsembleScore together = EnsembleScore.of(raw, ensemble);
    FinishReason finish = first.penalty().isPresent() ? FinishReason.LENGTH : FinishReason.STOP;
    MissingEnd.Judged judged = MissingEnd.judge(together.score(), finish, config);
    return new Score(
        first.rolloutId(),
        together.score(),
        judged.score(),
        judged.penalty(),
        Optional.of(together.deviation()));
  }
}
