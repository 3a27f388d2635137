"""Coverage-guided fuzzing of everything that reads what strangers send: `make fuzz MINUTES=30`.

The promises are functions of bytes or of JSON in this package; atheris and hypothesis only bring
the input. tests/hostile checks the same promises on the corpus and on generated interactions.
"""
