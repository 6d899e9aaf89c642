package org.rlhf4j.jobs.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: what a report of a failure needs. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    // The jar's manifest says it; classes that were not packaged have none.
    String version =
        Optional.ofNullable(Rlhf4j.class.getPackage().getImplementationVersion())
            .orElse("unpackaged");
    return new String[] {
      "rlhf4j " + version, "Java ${java.version} (${java.vendor}), ${os.name} ${os.arch}",
    };
  }
}
