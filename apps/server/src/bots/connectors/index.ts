export { openConnectors } from './open.ts'
