export * from './exponential-averages';
