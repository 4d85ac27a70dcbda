import { testHalf } from './corpus-half.ts'

testHalf(1)
