package io.carillon.http.analyst.export;

import io.carillon.persistence.readmodel.HistoryCall;
import java.io.Closeable;
import java.io.IOException;

/** Takes calls and writes what is wanted of them. */
public interface RecordExport extends Closeable {
  /** Writes a call's rows and says how many there were. */
  int write(HistoryCall call) throws IOException;
}
