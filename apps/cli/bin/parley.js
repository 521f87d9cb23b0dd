#!/usr/bin/env node
// Plain JavaScript for Node 20: finds the right Node, then everything is TypeScript.
import { runWithPinnedNode } from '../../../scripts/pinned-node.mjs'

await runWithPinnedNode(import.meta.url, new URL('../src/main.ts', import.meta.url).href)
