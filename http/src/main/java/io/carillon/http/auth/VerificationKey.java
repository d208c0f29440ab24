package io.carillon.http.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Optional;

/**
 * A key that checks signatures of one algorithm. What a token says of itself never chooses how a
 * key is used, so a public key cannot be taken for a shared secret (CVE-2016-10555).
 */
final class VerificationKey {
  /** Shorter RSA keys are not keys any more. */
  private static final int MIN_RSA_BITS = 2048;

  private interface Check {
    boolean isGood(byte[] signed, Base64URL signature)
        throws JOSEException, GeneralSecurityException;
  }

  private final Algorithm algorithm;
  private final Check check;

  private VerificationKey(Algorithm algorithm, Check check) {
    this.algorithm = algorithm;
    this.check = check;
  }

  /** A shared secret of at least 32 bytes. */
  static VerificationKey secret(byte[] secret) {
    try {
      JWSVerifier verifier = new MACVerifier(secret);
      return new VerificationKey(
          Algorithm.HS256,
          (signed, signature) ->
              verifier.verify(new JWSHeader(JWSAlgorithm.HS256), signed, signature));
    } catch (JOSEException tooShort) {
      throw new IllegalArgumentException("a secret for HS256 has at least 32 bytes", tooShort);
    }
  }

  /** A published key, if it is one for this algorithm and for signatures. */
  static Optional<VerificationKey> published(JWK jwk, Algorithm algorithm) {
    boolean forSignatures = jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE);
    boolean forAlgorithm =
        jwk.getAlgorithm() == null || jwk.getAlgorithm().getName().equals(algorithm.word());
    if (!forSignatures || !forAlgorithm) {
      return Optional.empty();
    }
    try {
      return switch (algorithm) {
        case HS256 -> Optional.empty(); // a published secret is none
        case RS256 ->
            jwk instanceof RSAKey rsa && rsa.size() >= MIN_RSA_BITS
                ? Optional.of(
                    nimbus(algorithm, JWSAlgorithm.RS256, new RSASSAVerifier(rsa.toRSAPublicKey())))
                : Optional.empty();
        case ES256 ->
            jwk instanceof ECKey ec && Curve.P_256.equals(ec.getCurve())
                ? Optional.of(
                    nimbus(algorithm, JWSAlgorithm.ES256, new ECDSAVerifier(ec.toECPublicKey())))
                : Optional.empty();
        case EDDSA ->
            jwk instanceof OctetKeyPair okp && Curve.Ed25519.equals(okp.getCurve())
                ? Optional.of(edwards(okp))
                : Optional.empty();
      };
    } catch (JOSEException | GeneralSecurityException unusable) {
      return Optional.empty();
    }
  }

  private static VerificationKey nimbus(
      Algorithm algorithm, JWSAlgorithm name, JWSVerifier verifier) {
    JWSHeader header = new JWSHeader(name);
    return new VerificationKey(
        algorithm, (signed, signature) -> verifier.verify(header, signed, signature));
  }

  /** By the JDK's own Ed25519: Nimbus would bring another library for it. */
  private static VerificationKey edwards(OctetKeyPair okp) throws GeneralSecurityException {
    byte[] encoded = okp.getDecodedX();
    byte[] y = new byte[encoded.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = encoded[encoded.length - 1 - i]; // RFC 8032 is little-endian
    }
    boolean xOdd = (y[0] & 0x80) != 0;
    y[0] &= 0x7f;
    PublicKey key =
        KeyFactory.getInstance("Ed25519")
            .generatePublic(
                new EdECPublicKeySpec(
                    NamedParameterSpec.ED25519, new EdECPoint(xOdd, new BigInteger(1, y))));
    return new VerificationKey(
        Algorithm.EDDSA,
        (signed, signature) -> {
          Signature verifier = Signature.getInstance("Ed25519");
          verifier.initVerify(key);
          verifier.update(signed);
          return verifier.verify(signature.decode());
        });
  }

  /** The only algorithm this key is for. */
  Algorithm algorithm() {
    return algorithm;
  }

  /** Whether the signature was made with the other half of this key. */
  boolean verifies(byte[] signed, Base64URL signature) {
    try {
      return check.isGood(signed, signature);
    } catch (JOSEException | GeneralSecurityException malformed) {
      return false;
    }
  }
}
