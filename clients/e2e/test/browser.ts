import { existsSync } from 'node:fs';

const USUAL = [
  '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser the tests drive; where none is installed, where Debian would put it. */
export const EXECUTABLE = process.env['CARILLON_CHROMIUM'] ?? USUAL.find(existsSync) ?? USUAL[0]!;
