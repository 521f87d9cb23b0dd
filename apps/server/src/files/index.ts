export { type FileGrant, type Files, openFiles } from './open.ts'
