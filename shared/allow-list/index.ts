export { ruleFromRow, type RowReading } from './row.ts'
export { AllowListStore } from './store.ts'
