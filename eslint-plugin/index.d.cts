import type { Plugin } from './dist/index.js' with { 'resolution-mode': 'import' };

declare const plugin: Plugin;
export = plugin;
