export { ensureSampleFunction } from './sample-function.ts'
