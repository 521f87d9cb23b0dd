export { markInstalled } from './repository.ts'
export { deploySampleFunction, ensureSampleFunction } from './sample-function.ts'
