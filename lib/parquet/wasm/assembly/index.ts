export * from './plain-numbers';
export * from './snappy-block';
