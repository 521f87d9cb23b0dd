// Plain JavaScript for Node 20: finds the right Node and the compile cache, then everything is TypeScript.
import { runWithPinnedNode } from '../../../scripts/pinned-node.mjs'

await runWithPinnedNode(import.meta.url, new URL('launch.ts', import.meta.url).href)
