#!/usr/bin/env tsx
console.log('hi', process.version, process.argv.slice(2));
