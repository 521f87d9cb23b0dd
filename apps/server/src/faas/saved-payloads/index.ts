export { openSavedPayloads } from './open.ts'
