/**
 * The REST side of the protocol: requests to orders, answers to responses, and the pages, files and
 * health routes beside them.
 *
 * <p>Every failure is one problem object; nothing internal is ever shown. A call of others answers
 * exactly as one that does not exist. Routes are a table: {@link io.carillon.http.rest.CallRoutes},
 * {@link io.carillon.http.rest.ReadRoutes} and {@link io.carillon.http.rest.NodeRoutes}. Start
 * reading at {@link io.carillon.http.rest.Edge}, which is what the server calls.
 */
@NullMarked
package io.carillon.http.rest;

import org.jspecify.annotations.NullMarked;
