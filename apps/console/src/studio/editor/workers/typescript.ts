import { initialize } from 'monaco-editor/languages/features/typescript/ts.worker.js'
import { openFunctionWorker } from './function-worker.ts'

// Instead of what the import has set, which knows nothing of functions and their events.
self.onmessage = () => initialize(openFunctionWorker)
