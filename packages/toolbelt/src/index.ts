export type { ToolbeltHost } from './host.ts'
export { createModules } from './modules.ts'
