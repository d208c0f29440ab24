package io.carillon.persistence.replay;

/** Told how far a long reading has come. */
public interface Meter {
  /** For whoever does not want to know. */
  Meter NONE =
      new Meter() {
        @Override
        public void expect(long units) {}

        @Override
        public void advance(long units) {}
      };

  /** About how much there is to do; 0: unknown. */
  void expect(long units);

  /** So much more is done. */
  void advance(long units);
}
