// Prints the life of a request as in docs/architecture.md: npm run life-table
import { lifeAsMarkdown } from '../shared/request/life-table.ts'

console.log(lifeAsMarkdown())
