"""The AI group: questions, conversations with memory, pictures and messages, answered by Gemini."""

COMMANDS = ("ask", "ask_ai_about_this", "chat", "summarise", "usage")
