/**
 * Who is asking: credentials in, principals out.
 *
 * <p>A caller's identity comes from the credential alone, never from a body, a path or a query.
 * What is wrong with a credential is not told. Keys come from the configuration: nothing a token
 * names is ever fetched. No credential appears in a log or in a {@code toString}. Start reading at
 * {@link io.carillon.http.auth.Authenticator}.
 */
@NullMarked
package io.carillon.http.auth;

import org.jspecify.annotations.NullMarked;
