#!/usr/bin/env node
// @ts-check
import module from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { freshBundle } from './fresh-bundle.mjs';

// The `lake` command. It runs the bundle in dist/ if the bundle was made from the sources beside it, else the sources.
// It works from any folder, because it finds everything relative to this file.

// Node 22 and newer keep the compiled code of modules between runs.
module.enableCompileCache?.();

const bundle = freshBundle(dirname(dirname(fileURLToPath(import.meta.url))));
if (bundle === undefined) {
  const { register } = await import('tsx/esm/api');
  register();
  await import('./lake.ts');
} else {
  await import(pathToFileURL(bundle).href);
}
