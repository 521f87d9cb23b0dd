export { type ContextStore, openContextStore } from './open.ts'
