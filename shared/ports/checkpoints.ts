/** Single texts to be kept between runs; each can be lost without harm. */
export interface MarksPort {
  read(name: 'judged-by'): Promise<string | undefined>
  write(name: 'judged-by', text: string): Promise<void>
}
