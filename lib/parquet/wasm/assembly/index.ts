export * from './code-flags';
export * from './delta-packed';
export * from './plain-numbers';
export * from './runs';
export * from './snappy-block';
