package org.rlhf4j.jobs.checkpoint;

import java.net.URI;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** A file system that is not the local one, on local files: paths are {@code far://host/...}. */
public class FarFileSystem extends RawLocalFileSystem {
  private static final URI NAME = URI.create("far://host");

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public String getScheme() {
    return "far";
  }
}
