/** A living node, by the database's own time. */
export interface NodeTable {
  nodeId: string
  seenAt: Date
}
