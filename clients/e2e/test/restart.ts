/** Asks the runner, whose address is the argument, to restart its node with `CARILLON_SIGNAL`; returns when it is ready. */
const signal = process.env['CARILLON_SIGNAL'] ?? 'SIGTERM';
const response = await fetch(`${process.argv[2]}?signal=${signal}`, { method: 'POST' });
if (!response.ok) throw new Error(await response.text());
