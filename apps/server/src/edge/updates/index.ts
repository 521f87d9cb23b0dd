export { openUpdateStreams } from './open.ts'
