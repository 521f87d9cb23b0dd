export { openApi } from './open.ts'
