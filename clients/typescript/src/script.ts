/** What a page gets that loads one file with `<script src="/client.js">`: everything but React, as `Carillon`. */
export * from './index.js';
export { CallMedia } from './media.js';
