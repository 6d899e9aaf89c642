package org.rlhf4j.jobs.checkpoint;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** A file system that is not the local one, on local files: paths are {@code far://host/...}. */
public class FarFileSystem extends RawLocalFileSystem {
  /** Whether renames fail, as when a writer is killed before its last step. */
  static final AtomicBoolean FAIL_RENAMES = new AtomicBoolean();

  private static final URI NAME = URI.create("far://host");

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public String getScheme() {
    return "far";
  }

  @Override
  public boolean rename(Path source, Path target) throws IOException {
    return !FAIL_RENAMES.get() && super.rename(source, target);
  }
}
