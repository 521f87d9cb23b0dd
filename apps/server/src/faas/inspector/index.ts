export { type Inspector, openInspector } from './open.ts'
