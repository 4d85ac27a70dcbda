export { confirmed, connection, endpoint, target } from './fake-review.ts'
