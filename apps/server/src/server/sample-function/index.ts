export { deploySampleFunction, ensureSampleFunction } from './sample-function.ts'
