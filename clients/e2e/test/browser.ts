/** The browser the tests drive. */
export const EXECUTABLE = process.env['CARILLON_CHROMIUM'] ?? '/usr/bin/chromium';
